import { RotateCw } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AttachReport } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { Button } from '../../components/buttons/button'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { Field } from '../../components/fields/field'
import { StatusMark } from '../../components/signs/status-mark'
import { Steps, type StepLine } from '../../components/signs/steps'
import { count } from '../../i18n/amount'
import { exactSpan } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { go } from '../../state/window/ui-store'
import styles from './clusters.module.css'

const MAX_URL = 2048
const MAX_NAME = 64

type Test =
  | { readonly kind: 'none' }
  | { readonly kind: 'testing' }
  | { readonly kind: 'found'; readonly url: string; readonly report: AttachReport }
  | { readonly kind: 'failed'; readonly failure: Failure }

interface AttachDialogProps extends DialogShell {
  readonly url: string
  readonly testAtOnce: boolean
}

/** Address, test, report, attach: nothing is remembered before the test found an orchestrator. */
export function AttachDialog({ url: firstUrl, testAtOnce, ...shell }: AttachDialogProps) {
  const field = useRef<HTMLInputElement>(null)
  const [url, setUrl] = useState(firstUrl)
  const [name, setName] = useState('')
  const [test, setTest] = useState<Test>(testAtOnce ? { kind: 'testing' } : { kind: 'none' })
  const [attaching, setAttaching] = useState(false)
  const asked = useRef(0)

  const ask = useCallback(async (address: string): Promise<void> => {
    asked.current += 1
    const mine = asked.current
    const result = await call('clusters.testAttach', { url: address }).then(
      (report): Test => ({ kind: 'found', url: address, report }),
      (error: unknown): Test => ({ kind: 'failed', failure: toFailure(error) }),
    )
    // A slower answer about another address is of no use.
    if (mine === asked.current) setTest(result)
  }, [])
  useEffect(() => {
    // The dialog opens with one address; what is typed later is tested by hand.
    if (testAtOnce) void ask(firstUrl)
  }, [ask, firstUrl, testAtOnce])
  const look = (): void => {
    setTest({ kind: 'testing' })
    void ask(url)
  }

  const found = test.kind === 'found' && test.url === url ? test.report : undefined
  const attach = async (): Promise<void> => {
    if (found === undefined) return
    setAttaching(true)
    try {
      const { clusterId } = await call('clusters.attach', { url, ...(name.trim() === '' ? {} : { name: name.trim() }) })
      shell.onClose()
      go({ screen: 'nodes', clusterId })
    } catch (error) {
      setTest({ kind: 'failed', failure: toFailure(error) })
    } finally {
      setAttaching(false)
    }
  }
  return (
    <Dialog
      {...shell}
      title={t('dialog.attachTitle')}
      effect={t('dialog.attachEffect')}
      width="wide"
      bare
      initialFocus={field}
      onSubmit={() => (found === undefined ? look() : void attach())}
      note={found !== undefined && t('dialog.attachFound', { count: found.nodes, many: count(found.nodes) })}
      actions={
        <>
          <Button icon={RotateCw} disabled={url.trim() === ''} busy={test.kind === 'testing' ? t('dialog.attachTesting') : undefined} onClick={look}>
            {t(test.kind === 'none' ? 'dialog.attachTest' : 'dialog.attachAgain')}
          </Button>
          <Button type="submit" look="primary" disabled={found === undefined} busy={attaching ? t('act.attach') : undefined}>
            {found === undefined ? t('act.attach') : t('dialog.attachButton', { name: name.trim() || hostOf(found.apiUrl) })}
          </Button>
        </>
      }
    >
      <div className={styles.attach}>
        <div className={styles.fields}>
          <div className={styles.form}>
            <span>{t('start.address')}</span>
            <Field
              ref={field}
              label={t('start.address')}
              placeholder={t('start.addressExample')}
              value={url}
              maxLength={MAX_URL}
              onChange={(event) => setUrl(event.target.value)}
            />
            <span>{t('dialog.attachName')}</span>
            <Field
              label={t('dialog.attachName')}
              placeholder={found === undefined ? t('dialog.attachNameHint') : hostOf(found.apiUrl)}
              value={name}
              maxLength={MAX_NAME}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
        </div>
        <div className={styles.test} role="status">
          <div className={styles.testHead}>
            {t('start.test')}
            {found !== undefined && <small>{exactSpan(found.ms)}</small>}
          </div>
          <TestResult test={test} />
        </div>
      </div>
    </Dialog>
  )
}

function TestResult({ test }: { readonly test: Test }) {
  switch (test.kind) {
    case 'none':
      return <p className={styles.untested}>{t('dialog.attachUntested')}</p>
    case 'testing':
      return <Steps twoLines steps={[{ name: t('dialog.attachReached'), status: 'begun', detail: '', time: '' }]} />
    case 'failed':
      return (
        <div className={styles.fault}>
          <StatusMark kind="bad" size={12} />
          <span>
            {test.failure.message} {test.failure.hint}
          </span>
        </div>
      )
    case 'found':
      return <Steps twoLines steps={stepsOf(test.report)} />
  }
}

function stepsOf(report: AttachReport): readonly StepLine[] {
  const done = (name: string, detail: string, time = ''): StepLine => ({ name, status: 'done', detail, time })
  return [
    done(t('dialog.attachReached'), report.apiUrl, exactSpan(report.ms)),
    done(t('dialog.attachProduct', { product: report.product, version: report.version }), t('dialog.attachNode', { node: report.nodeId })),
    done(t('dialog.attachNodes'), count(report.nodes)),
    done(t('dialog.attachSockets'), t(report.feed === 'events' ? 'dialog.attachFeedEvents' : 'dialog.attachFeedPoll')),
  ]
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url
}
