import { Menu as Base } from '@base-ui/react/menu'
import { Check, ChevronRight, type LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactElement, ReactNode } from 'react'
import { classNames } from '../class-names'
import { Icon } from '../signs/icon'
import styles from './menu.module.css'

/** Menus stand in the main region, so that they are part of a landmark; being fixed, nothing cuts them off. */
export function menuPlace(): HTMLElement | null {
  return document.querySelector('main')
}

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement<Record<string, unknown>>
  readonly align?: 'start' | 'end'
  readonly side?: 'top' | 'bottom' | 'right'
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A menu behind its trigger, which must take a ref; it is drawn above everything else. */
export function Menu({ trigger, align = 'start', side = 'bottom', className, children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal container={menuPlace()}>
        <Base.Positioner align={align} side={side} sideOffset={4} positionMethod="fixed" className={styles.positioner}>
          <Base.Popup className={classNames(styles.menu, className)}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps extends Omit<ComponentProps<typeof Base.Item>, 'className'> {
  readonly icon?: LucideIcon | undefined
  readonly shortcut?: string | undefined
  readonly danger?: boolean
  /** Stands after the words. */
  readonly trailing?: ReactNode
}

/** An act. `shortcut` is only shown: the keys are heard elsewhere. */
export function MenuItem({ icon, shortcut, danger = false, trailing, children, ...rest }: MenuItemProps) {
  return (
    <Base.Item {...rest} className={classNames(styles.item, danger && styles.danger)}>
      {icon && <Icon of={icon} size={15} />}
      <span className={styles.words}>{children}</span>
      {trailing}
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
    </Base.Item>
  )
}

/** A line between two groups. */
export function MenuSeparator() {
  return <Base.Separator className={styles.separator} />
}

/** Items under a heading that is read out with them. */
export function MenuGroup({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className={styles.groupLabel}>{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  )
}

interface SubMenuProps {
  readonly label: string
  readonly children: ReactNode
}

/** A menu in a menu, for what would make it too long. */
export function SubMenu({ label, children }: SubMenuProps) {
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className={styles.item}>
        <span className={styles.indicator} />
        <span className={styles.words}>{label}</span>
        <Icon of={ChevronRight} size={14} className={styles.arrow} />
      </Base.SubmenuTrigger>
      <Base.Portal container={menuPlace()}>
        <Base.Positioner sideOffset={2} alignOffset={-5} positionMethod="fixed" className={styles.positioner}>
          <Base.Popup className={styles.menu}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  )
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value) => void
}

/** One of several, with a tick at the one that holds. */
export function MenuChoice<Value extends string>({ label, value, options, onChange }: MenuChoiceProps<Value>) {
  return (
    <Base.RadioGroup value={value} onValueChange={(chosen: Value) => onChange(chosen)}>
      <MenuGroup label={label}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={styles.item}>
            <span className={styles.indicator}>
              <Base.RadioItemIndicator>
                <Icon of={Check} size={14} />
              </Base.RadioItemIndicator>
            </span>
            <span className={styles.words}>{option.label}</span>
          </Base.RadioItem>
        ))}
      </MenuGroup>
    </Base.RadioGroup>
  )
}

interface MenuCheckProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
}

/** An item that is switched on or off; the menu stays open. */
export function MenuCheck({ checked, onChange, children }: MenuCheckProps) {
  return (
    <Base.CheckboxItem checked={checked} onCheckedChange={onChange} className={styles.item}>
      <span className={styles.indicator}>
        <Base.CheckboxItemIndicator>
          <Icon of={Check} size={14} />
        </Base.CheckboxItemIndicator>
      </span>
      <span className={styles.words}>{children}</span>
    </Base.CheckboxItem>
  )
}
