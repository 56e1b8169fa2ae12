import { Fragment, type ReactNode } from 'react'
import styles from './key-value.module.css'

/** Facts in two columns; values can be selected. */
export function KeyValue({ rows }: { readonly rows: readonly (readonly [key: string, value: ReactNode])[] }) {
  return (
    <dl className={`${styles.list} ${styles.narrow}`}>
      {rows.map(([key, value]) => (
        <Fragment key={key}>
          <dt>{key}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}
