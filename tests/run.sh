#!/usr/bin/env bash
# Builds the product and runs every test, with the servers the tests need. Arguments go to the test programs:
#   tests/run.sh --filter-class DistributorHub.Worker.Tests.Receive.SftpSourceTests
# As root on Debian it installs what is missing, without letting a package start a service. Otherwise it says what is missing.
# Exit codes: 0 all passed, 1 something failed or nothing ran, 2 something is missing.
set -uo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

missing_packages() {
  [ -x /usr/sbin/sshd ] || echo openssh-server
  command -v ssh-keygen >/dev/null || echo openssh-client
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
  command -v systemd-analyze >/dev/null || echo systemd
  command -v perl >/dev/null || echo perl
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  command -v chromium >/dev/null || echo chromium
}

# Debian asks policy-rc.d before a package starts its service; 101 forbids it. Whatever stood there before comes back, also after
# a run that could not put it back itself.
policy=/usr/sbin/policy-rc.d
forbid_services() {
  [ ! -e "$policy" ] || [ -e "$policy.before-hub-tests" ] || mv "$policy" "$policy.before-hub-tests"
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
}
restore_services() {
  rm -f "$policy"
  [ ! -e "$policy.before-hub-tests" ] || mv "$policy.before-hub-tests" "$policy"
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >&2; }

install() (
  trap restore_services EXIT
  trap 'exit 130' INT TERM
  forbid_services
  for attempt in 1 2; do
    apt update && apt install --no-install-recommends "$@" && exit 0
    say "Installing failed (attempt $attempt of 2)."
  done
  exit 1
)

mapfile -t packages < <(missing_packages)
if [ "${#packages[@]}" -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    say "Missing for the tests: ${packages[*]}"
    say "Install them (Debian: sudo apt-get install ${packages[*]}), or run this script as root."
    exit 2
  fi
  say "Installing: ${packages[*]}"
  install "${packages[@]}" || { say "These packages could not be installed: ${packages[*]}"; exit 2; }
fi
if ! command -v dotnet >/dev/null || ! dotnet --version >/dev/null 2>&1; then
  say "Missing for the tests: the .NET SDK of global.json ($(tr -d '{}"\n' <global.json | grep -o 'version: [0-9.]*')). See https://dot.net."
  exit 2
fi

# The npm packages that a folder of tests lists, into artifacts/NAME; a test fails without them.
install_npm() (
  cmp -s "$1/package-lock.json" "artifacts/$2/installed" && exit 0
  mkdir -p "artifacts/$2" && cp "$1"/package*.json "artifacts/$2" && cd "artifacts/$2" || exit 1
  for attempt in 1 2; do
    npm ci --ignore-scripts --no-audit --no-fund >&2 && cp package-lock.json installed && exit 0
    say "Installing the npm packages of $1 failed (attempt $attempt of 2)."
  done
  exit 1
)
# Readers of EDIFACT and X12 that are not ours, for acknowledgements that are.
install_npm tests/DistributorHub.Edi.Tests/Acknowledge/Independent independent
# The language server of YAML editors, for the schemas of mappings.
install_npm tests/DistributorHub.Worker.Tests/Schemas/Editor editor

export DISTRIBUTORHUB_TESTS_REQUIRE_SERVERS=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if ! dotnet build DistributorHub.sln --nologo -v quiet -warnaserror; then
  say "The build failed."
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

passed=0 failed=0 skipped=0 broken=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
number() { sed -n "s/^ *$1: \([0-9][0-9]*\) *\$/\1/p" "$log" | tail -1; }
for project in tests/*.Tests/*.Tests.csproj; do
  name=$(basename "$project" .csproj)
  say "== $name"
  dotnet test --project "$project" --no-build --no-progress --no-ansi "$@" >"$log" 2>&1
  code=$?
  total=$(number total)
  # With a filter most projects have nothing to run; the test platform calls that 8.
  if [ "$code" -eq 8 ] && [ $# -gt 0 ] && [ "${total:-0}" -eq 0 ]; then
    say "   nothing selected"
    continue
  fi
  # A project whose summary is missing has crashed; one that ends badly with no failed test has, too.
  project_failed=$(number failed)
  if [ -z "$total" ] || { [ "$code" -ne 0 ] && [ "${project_failed:-0}" -eq 0 ]; }; then
    broken=$((broken + 1))
    project_failed=$((${project_failed:-0} + 1))
    say "   $name ended with exit code $code"
  fi
  [ "$code" -eq 0 ] || cat "$log"
  passed=$((passed + $(number succeeded || true) + 0))
  failed=$((failed + ${project_failed:-0}))
  skipped=$((skipped + $(number skipped || true) + 0))
  say "   ${total:-0} tests, ${project_failed:-0} failed, $(number skipped) skipped, $(sed -n 's/^ *duration: //p' "$log" | tail -1)"
  [ "$(number skipped)" = 0 ] || grep -i '^ *skipped ' "$log" >&2
done

# The short form of the fault harness; the long one is in its README.
if [ $# -eq 0 ]; then
  say "== DistributorHub.Faults, short form"
  if artifacts/bin/DistributorHub.Faults/debug/DistributorHub.Faults run --minutes 1 --lanes 2 --rounds 12 \
    --fault kill/archive-commit --fault kill/load-commit --fault kill/verdict-commit --fault kill/end-commit --fault kill/download --fault kill/random \
    --fault answer-lost/load-commit --fault cut-database/started --fault restart-postgres/load-rows --fault workers/two >"$log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
  cat "$log" >&2
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$broken" -eq 0 ] && [ "$passed" -gt 0 ]
