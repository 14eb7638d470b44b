"""What emkg says of itself and of its datasets in other people's vocabularies: VoID, DCAT-AP, schema.org, examples."""
