"""Facts made up to reach every technique, every chain and every contradiction; both engines are held to them."""

from __future__ import annotations

FACETS = """
<facet/many> a emkg:MultiBeam . <facet/one> a emkg:ScannedBeam . <facet/broad> a emkg:BroadBeam .
<facet/back> a emkg:BackscatteredElectrons . <facet/secondary> a emkg:SecondaryElectrons .
<facet/through> a emkg:TransmittedElectrons . <facet/xray> a emkg:XRayTransmission .
<facet/serial> a emkg:SerialSectioning . <facet/single> a emkg:SingleSection .
<facet/thick> a emkg:ThickSerialSectioning .
<facet/knife-face> a emkg:BlockFaceRemoval ; emkg:usesTool <facet/knife> . <facet/knife> a emkg:DiamondKnife .
<facet/fib-face> a emkg:BlockFaceRemoval ; emkg:usesTool <facet/fib> . <facet/fib> a emkg:FocusedIonBeam .
<facet/gcib-surface> a emkg:InSituSurfaceRemoval ; emkg:usesTool <facet/gcib> . <facet/gcib> a emkg:GasClusterIonBeam .
<facet/tape> a emkg:SolidTape . <facet/grid-tape> a emkg:GridTape . <facet/tilt> a emkg:TiltSeriesTomography .
<facet/long> a emkg:LongRunClosedLoop . <facet/reel> a emkg:ReelToReel . <facet/cameras> a emkg:CameraArray .
"""
SCANNED = "a emkg:ImagingAcquisition ; emkg:usesBeam <facet/one> ; emkg:detectsSignal <facet/back>"
BROAD = "a emkg:ImagingAcquisition ; emkg:usesBeam <facet/broad> ; emkg:detectsSignal <facet/through>"
EM_ = "ImagingAcquisition ElectronMicroscopy"

# What is said of an acquisition → every class of ours that it is then in.
CASES = {
    "h01": (
        "a emkg:ImagingAcquisition ; emkg:usesBeam <facet/many> ; emkg:detectsSignal <facet/secondary> ;"
        " emkg:hasSectioning <facet/serial> ; emkg:collectsOn <facet/tape>",
        f"{EM_} SEM SerialSectionEM ssSEM MultiBeamSEM ATUMSEM ATUMmSEM",
    ),
    "microns-mm3": (
        "a emkg:AutoTEM ; emkg:collectsOn <facet/grid-tape>",
        f"{EM_} TEM SerialSectionEM ssTEM AutoTEM GridTapeTEM",
    ),
    "stem": (
        "a emkg:ImagingAcquisition ; emkg:usesBeam <facet/many> ; emkg:detectsSignal <facet/through> ;"
        " emkg:hasSectioning <facet/serial>",
        f"{EM_} STEM SerialSectionEM",
    ),
    "gcib": (
        f"{SCANNED} ; emkg:hasSectioning <facet/thick> , <facet/gcib-surface>",
        f"{EM_} SEM SerialSectionEM ssSEM IonBeamSEM GCIBSEM",
    ),
    "sbf": (f"{SCANNED} ; emkg:hasSectioning <facet/knife-face>", f"{EM_} SEM BlockFaceEM SBFSEM"),
    "fib": (f"{SCANNED} ; emkg:hasSectioning <facet/fib-face>", f"{EM_} SEM BlockFaceEM IonBeamSEM FIBSEM"),
    "enhanced": (
        "a emkg:FIBSEM ; emkg:operatesIn <facet/long>",
        f"{EM_} SEM BlockFaceEM IonBeamSEM FIBSEM EnhancedFIBSEM",
    ),
    "class-only": ("a emkg:SBFSEM", f"{EM_} SEM BlockFaceEM SBFSEM"),
    "tomography": (
        f"{BROAD} ; emkg:hasSectioning <facet/single> ; emkg:reconstructsDepthBy <facet/tilt>",
        f"{EM_} TEM ElectronTomography sET",
    ),
    "temca": (
        f"{BROAD} ; emkg:hasSectioning <facet/thick> ; emkg:usesDetector <facet/cameras>",
        f"{EM_} TEM SerialSectionEM ssTEM TEMCA",
    ),
    "xray-class": ("a emkg:XRayMicroCT", "ImagingAcquisition XRayMicroCT"),
    "xray-facet": ("a emkg:ImagingAcquisition ; emkg:detectsSignal <facet/xray>", "ImagingAcquisition"),
    "unrooted": ("emkg:usesBeam <facet/one> ; emkg:detectsSignal <facet/back>", ""),
}
VOLUMES = """
<dataset/d> emkg:hasVolume <volume/block> .
<volume/block> emkg:isSubVolumeOf <volume/part> . <volume/part> emkg:isSubVolumeOf <volume/half> .
<volume/half> emkg:isSubVolumeOf <volume/h01> .
<volume/h01> emkg:acquiredBy <acquisition/h01> ; emkg:hasSample <sample/h01> .
<volume/other> emkg:isSubVolumeOf <volume/elsewhere> .
<sample/h01> emkg:taxon NCBITaxon:9606 ; emkg:region UBERON:0001950 .
<region/inner> emkg:withinRegion <region/middle> . <region/middle> emkg:withinRegion <region/outer> .
"""
FACTS = FACETS + "".join(f"<acquisition/{slug}> {said} .\n" for slug, (said, _) in CASES.items()) + VOLUMES

CONTRADICTIONS = {
    "<acquisition/x> a emkg:SBFSEM , emkg:ssTEM .": (
        "acquisition/x",
        "emkg:SEM",
        "emkg:TEM",
        "stated: emkg:SBFSEM, emkg:ssTEM",
    ),
    "<acquisition/x> a emkg:SEM ; emkg:usesBeam <facet/b> . <facet/b> a emkg:MultiBeam , emkg:BroadBeam .": (
        *("facet/b", "emkg:BroadBeam", "emkg:ScannedBeam"),
    ),
    FACETS + f"<acquisition/x> {SCANNED} , <facet/through> ; emkg:usesBeam <facet/broad> .": (
        *("acquisition/x", "emkg:SEM", "emkg:TEM"),
    ),
}
PLANTED = {
    "emkg:Wrong a owl:Class ; rdfs:subClassOf emkg:FIBSEM , emkg:ssTEM .": ("emkg:Wrong", "emkg:SEM", "emkg:TEM"),
    """emkg:Wrong a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty emkg:usesBeam ; owl:someValuesFrom
       [ a owl:Class ; owl:intersectionOf ( emkg:BroadBeam emkg:MultiBeam ) ] ] .""": (
        *("emkg:Wrong has emkg:usesBeam something", "emkg:BroadBeam", "emkg:ScannedBeam"),
    ),
    """emkg:One a owl:Class . emkg:Two a owl:Class . emkg:Three a owl:Class ; rdfs:subClassOf emkg:One .
       [] a owl:AllDisjointClasses ; owl:members ( emkg:One emkg:Two emkg:Tomo ) . emkg:Tomo a owl:Class .
       emkg:Wrong a owl:Class ; rdfs:subClassOf emkg:Three , emkg:Tomo .""": ("emkg:Wrong", "emkg:One", "emkg:Tomo"),
}
