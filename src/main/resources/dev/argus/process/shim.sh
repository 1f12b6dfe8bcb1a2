# Runs one service and records how it ended, so that the record outlives Argus.
# $0 = run directory, "$@" = the service's command. Read by Argus, which leaves out lines that begin with '#', and passed to sh -c.
# No variables beside argus_stat: they could be names of the service's environment. Builtins only: a fork costs more than all of this.
# A signal to the whole group must let the shim live on until it has written the status; handlers are reset in the child, ignoring would not be.
trap : HUP INT QUIT USR1 USR2 PIPE ALRM TERM
# The shell's own remarks ("Killed") do not belong into the log of the service.
exec 3>&2 2>/dev/null
# In the foreground: a shell without job control makes its background children ignore INT and QUIT.
(
exec 2>&3 3>&-
read -r argus_stat </proc/self/stat && echo "$argus_stat" >"$0/pid"
unset PWD OLDPWD SHLVL _
exec "$@"
)
set -- "$?"
echo "$1" >"$0/exit"
exit "$1"
