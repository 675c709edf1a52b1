#!/usr/bin/env bash
# with-display.sh COMMAND… : runs COMMAND on the display at hand, or on a virtual X server of its own
# when there is none that answers. Exits with COMMAND's exit code.
set -eu
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
if [ $# -eq 0 ]; then
    echo "usage: $0 COMMAND [ARGUMENT…]" >&2
    exit 2
fi

if has_display; then
    exec "$@"
fi
unset WAYLAND_DISPLAY
export LIBGL_ALWAYS_SOFTWARE=1 QT_QPA_PLATFORM=xcb
exec xvfb-run -a -s "-screen 0 1280x1024x24" "$@"
