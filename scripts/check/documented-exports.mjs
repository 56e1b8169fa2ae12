/** @typedef {Parameters<NonNullable<import('eslint').Rule.NodeListener['ExportNamedDeclaration']>>[0]} Exported */

/**
 * Whatever a file exports says what its name cannot: shape, units, errors, where a fact comes from. Of overloads the first one says it.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const documentedExports = {
  meta: { type: 'suggestion', schema: [], messages: { missing: '{{name}} is exported without a word on it: write a docstring right above.' } },
  create: ({ sourceCode, report }) => ({
    ExportNamedDeclaration: (node) => {
      const name = nameOf(node)
      if (name === undefined || isDocumented(node, sourceCode) || nameOf(statementBefore(node, sourceCode)) === name) return
      report({ node, messageId: 'missing', data: { name } })
    },
  }),
}

/**
 * @param {Exported} node
 * @param {import('eslint').SourceCode} sourceCode
 */
function isDocumented(node, sourceCode) {
  const comment = sourceCode.getCommentsBefore(node).at(-1)
  const endsAt = comment?.loc?.end.line ?? 0
  return comment?.type === 'Block' && comment.value.startsWith('*') && endsAt + 1 >= (node.loc?.start.line ?? 0)
}

/**
 * The name that an export declares, the first of several; undefined where it declares none (`export { … } from`).
 *
 * @param {unknown} node
 * @returns {string | undefined}
 */
function nameOf(node) {
  const { declaration } = /** @type {{ declaration?: { id?: { name: string }, declarations?: readonly { id: { name?: string } }[] } | null }} */ (
    node ?? {}
  )
  return declaration?.id?.name ?? declaration?.declarations?.[0]?.id.name
}

/**
 * @param {Exported} node
 * @param {import('eslint').SourceCode} sourceCode
 */
function statementBefore(node, { ast: { body } }) {
  return body[body.indexOf(node) - 1]
}
