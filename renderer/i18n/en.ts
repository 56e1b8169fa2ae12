import { dialogs } from './en/dialogs'
import { frame } from './en/frame'
import { nodes } from './en/nodes'
import { screens } from './en/screens'
import { words } from './en/words'

/** Every string of the window. Names of commands, keys of the configuration and NATS's own words are data and stand elsewhere. */
export const en = { ...words, ...frame, ...nodes, ...dialogs, ...screens } as const
