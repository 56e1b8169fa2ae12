/** What every dialog gets from whoever shows it. */
export interface DialogShell {
  readonly open: boolean
  readonly onClose: () => void
  /** After the way out was drawn. */
  readonly onClosed: () => void
}
