import './theme/tokens.css'
import './theme/fonts.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { useFacts } from './state/facts-store'
import { followMain } from './state/follow-main'
import { setDensity, useUi } from './state/window/ui-store'
import { applyFacts } from './theme/apply-theme'

const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no #root')

// Asked for before anything is drawn: the answer comes while the frame is painted.
followMain()
useFacts.subscribe(({ facts }) => {
  if (facts !== undefined) applyFacts(facts)
})
setDensity(useUi.getState().density)
createRoot(container).render(<App />)
