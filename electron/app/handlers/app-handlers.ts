import { AppError } from '../../../shared/errors'
import type { HandlerContext, HandlersOf } from './handler-context'

/** What concerns the app and this machine, and no cluster. */
export function appHandlers({ facts, setTheme, closeQuestion, clusters, openFolder, copyText }: HandlerContext): HandlersOf<'app'> {
  return {
    'app.facts': () => facts(),
    'app.setTheme': ({ theme }) => {
      setTheme(theme)
      return facts()
    },
    'app.closeAnswer': ({ choice, remember }) => closeQuestion.answer(choice, remember),
    'app.openFolder': async ({ clusterId }) => {
      const { folder } = clusters.member(clusterId)
      const trouble = await openFolder(folder)
      if (trouble !== '')
        throw new AppError('app.folder-not-opened', `${folder} could not be shown: ${trouble}`, { hint: 'Open it in a file manager of yours.' })
    },
    'app.copyText': ({ text }) => copyText(text),
  }
}
