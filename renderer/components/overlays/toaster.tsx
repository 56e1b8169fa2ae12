import { useEffect, useState } from 'react'
import { dismissToast, useToasts, type Toast } from '../../state/window/toasts-store'
import { StatusMark } from '../signs/status-mark'
import styles from './toaster.module.css'

const SHOWN_MS = 6000

/** Bottom right; read out politely; the pointer holds it. */
export function Toaster() {
  const toasts = useToasts((state) => state.toasts)
  return (
    <div className={styles.toaster} role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismissToast(toast.id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held, toast.id])
  return (
    <div className={styles.toast} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <StatusMark kind="done" />
      <b>{toast.title}</b>
    </div>
  )
}
