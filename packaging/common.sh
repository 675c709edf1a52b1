# Sourced by the scripts beside it: the folders, and what more than one of them does.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(realpath -m "${POSTERIA_BUILD:-$root/build/release}")

# step WHAT COMMAND… : says what it does, does it, says how long it took.
step() {
    local what=$1 start=$SECONDS code=0
    shift
    echo "==> $what"
    "$@" || code=$?
    if [ $code -eq 0 ]; then
        echo "    done in $((SECONDS - start)) s"
    else
        echo "    failed after $((SECONDS - start)) s" >&2
    fi
    return $code
}

# Asking for the keyboard takes a display that answers; setxkbmap comes with every X server, xvfb too.
has_display() {
    [ -n "${DISPLAY:-}" ] && timeout 5 setxkbmap -query >/dev/null 2>&1
}
