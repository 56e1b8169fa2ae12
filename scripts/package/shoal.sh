#!/bin/sh
# The command line of the installed app: its own binary, with no window. The app's fuses forbid it to run as plain Node, and without these
# switches Electron would look for a display. No page is ever loaded here, so there is nothing for Chromium's sandbox to hold.
exec /opt/Shoal/shoal-desktop --ozone-platform=headless --disable-gpu --no-sandbox --log-level=3 --shoal-cli "$@"
