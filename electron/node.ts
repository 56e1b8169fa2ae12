import { homedir } from 'node:os'
import { hostOrderSchema } from '../shared/host-report'
import { hostPaths } from './node/host-paths'
import { askForCompanions } from './node/parent/asked-companions'
import { openParentChannel } from './node/parent/parent-channel'
import { electronParentPort } from './node/parent/parent-port'
import { serveFromArguments } from './node/serve'
import { shoalVersion } from '../shared/shoal-version'

/** The role host as a process of its own: the flags of `serve`, reports and orders over the channel of whoever started it. */
const channel = openParentChannel()
const electronParent = electronParentPort()
void serveFromArguments({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  homeDir: homedir(),
  paths: hostPaths(__dirname, { platform: process.platform, binFolder: process.env['SHOAL_BIN'] }),
  shoalVersion,
  stdout: process.stdout,
  stderr: process.stderr,
  ...(electronParent === undefined ? {} : { launchCompanion: askForCompanions(electronParent) }),
  parentSigns: channel.signs,
  report: (report) => channel.send(report),
  onOrder: (listener) =>
    channel.onMessage((message) => {
      const order = hostOrderSchema.safeParse(message)
      if (order.success) listener(order.data)
    }),
}).then((code) => channel.exit(code))
