import type { ConfigFileView } from '../../shared/cluster'
import { AppError } from '../../shared/errors'
import { checkConfigText } from '../config/check-config-text'
import { readConfigText, writeConfigText } from '../config/write-config-file'
import type { MachineNodes } from '../local/nodes/machine-nodes'

/** A node's `config.yaml` for the editor, with what is wrong with it. A missing file is an empty text. */
export async function readForEditing(nodes: MachineNodes, node: string): Promise<ConfigFileView> {
  const path = nodes.configFile(node)
  const { text, base } = await readConfigText(path)
  return { path, text, base, problems: checkConfigText(text), node }
}

/**
 * Saves an edited text. Throws `config.invalid` for one that no node could start with (nothing is written then),
 * `config.changed-meanwhile` when the file is not the one that was edited, `config.not-written` when the disk does not take it.
 */
export async function saveEdited(nodes: MachineNodes, edit: { readonly node: string; readonly text: string; readonly base: string }): Promise<void> {
  const fault = checkConfigText(edit.text).find((problem) => problem.severity === 'error')
  if (fault !== undefined) {
    throw new AppError('config.invalid', `Line ${fault.line}, column ${fault.column}: ${fault.message}`, {
      hint: 'Correct the line; nothing was saved.',
      details: { line: String(fault.line), column: String(fault.column) },
    })
  }
  await writeConfigText(nodes.configFile(edit.node), edit.text, edit.base)
}
