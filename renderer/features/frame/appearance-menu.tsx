import { SunMoon } from 'lucide-react'
import { Icon } from '../../components/signs/icon'
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../../components/overlays/menu'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'
import { takeFacts, useFacts } from '../../state/facts-store'
import { openDialog, setDensity, useUi } from '../../state/window/ui-store'
import text from '../../theme/text.module.css'
import styles from './side-bar.module.css'

/** Theme and density, until there is a screen of settings. */
export function AppearanceMenu({ folded }: { readonly folded: boolean }) {
  const theme = useFacts((state) => state.facts?.theme)
  const density = useUi((state) => state.density)
  const trigger = (
    <button type="button" className={styles.item}>
      <Icon of={SunMoon} />
      <span className={folded ? text.hidden : undefined}>{t('frame.appearance')}</span>
    </button>
  )
  return (
    <Menu trigger={trigger} side="top">
      {theme !== undefined && (
        <MenuChoice
          label={t('frame.theme')}
          value={theme}
          options={[
            { value: 'system', label: t('frame.themeSystem') },
            { value: 'light', label: t('frame.themeLight') },
            { value: 'dark', label: t('frame.themeDark') },
          ]}
          onChange={(chosen) => void attempt(t('failure.theme'), async () => takeFacts(await call('app.setTheme', { theme: chosen })))}
        />
      )}
      <MenuSeparator />
      <MenuChoice
        label={t('frame.density')}
        value={density}
        options={[
          { value: 'normal', label: t('frame.densityNormal') },
          { value: 'compact', label: t('frame.densityCompact') },
        ]}
        onChange={setDensity}
      />
      <MenuSeparator />
      <MenuItem shortcut="?" onClick={() => openDialog({ kind: 'keys' })}>
        {t('frame.keys')}
      </MenuItem>
    </Menu>
  )
}
