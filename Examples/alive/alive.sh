#!/bin/sh
# Says once a second that the service "postgres" of suspectd makes progress. It is a process of the service's unit, as a
# script that the unit starts is; suspectctl is its child, and counts too.
while :; do
    # The work of the script stands here.
    suspectctl alive postgres --within 3s || echo "suspectd has not taken note" >&2
    sleep 1
done
