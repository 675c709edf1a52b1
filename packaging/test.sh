#!/usr/bin/env bash
# test.sh [CTEST ARGUMENT…] : builds everything and runs every test, those of the window on a virtual X
# server. The last line is "N passed, N failed"; exits non-zero when one failed or none ran.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
passed=0
failed=0

if "$root/packaging/build.sh" ci all; then
    # The same screen everywhere, and no windows popping up under the developer's hands.
    unset DISPLAY WAYLAND_DISPLAY
    log=$build/tests.log
    step "Testing" ctest --test-dir "$build" -j "$(nproc)" --output-on-failure --no-tests=error \
        --output-junit "$build/tests.xml" "$@" 2>&1 | tee "$log"
    # "97% tests passed, 2 tests failed out of 61": a test that could not be started counts as failed.
    if [[ $(grep -a 'tests passed, .* failed out of' "$log" | tail -n 1) =~ ,\ ([0-9]+)\ tests?\ failed\ out\ of\ ([0-9]+) ]]; then
        failed=${BASH_REMATCH[1]}
        passed=$((BASH_REMATCH[2] - failed))
    else
        echo "No test ran." >&2
    fi
else
    echo "Nothing was tested: the build failed." >&2
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
