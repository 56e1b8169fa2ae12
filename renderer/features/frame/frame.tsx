import { useEffect, type ReactNode } from 'react'
import type { Cluster } from '../../../shared/cluster'
import { classNames } from '../../components/class-names'
import { useUi } from '../../state/window/ui-store'
import { ActFailureNote } from './act-failure-note'
import { Announcer } from './announcer'
import styles from './frame.module.css'
import { SideBar } from './side-bar'
import { StatusBar } from './status-bar'
import { TitleBar } from './title-bar'
import { useNarrowWindow } from './narrow-window'
import { completeChord, handleWindowKey } from './window-keys'

interface FrameProps {
  /** The cluster at hand. */
  readonly cluster: Cluster | undefined
  /** The first start of the only cluster: the frame stays that of the start screen. */
  readonly beginning: boolean
  readonly dock: ReactNode
  readonly dockAvailable: boolean
  readonly children: ReactNode
}

/** What stays while the screens change: side bar, title bar, dock, status bar. */
export function Frame({ cluster, beginning, dock, dockAvailable, children }: FrameProps) {
  const narrow = useNarrowWindow()
  const folded = useUi((state) => state.folded) || narrow
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => handleWindowKey(event, dockAvailable)
    window.addEventListener('keydown', completeChord, { capture: true })
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', completeChord, { capture: true })
      window.removeEventListener('keydown', onKey)
    }
  }, [dockAvailable])
  return (
    <div className={classNames(styles.window, folded && styles.folded)}>
      <SideBar cluster={beginning ? undefined : cluster} folded={folded} canUnfold={!narrow} />
      <div className={styles.main}>
        <TitleBar cluster={cluster} beginning={beginning} />
        <main className={styles.content} data-region tabIndex={-1}>
          {children}
          <ActFailureNote />
        </main>
        {dock}
      </div>
      <StatusBar cluster={cluster} dockAvailable={dockAvailable} />
      <Announcer />
    </div>
  )
}
