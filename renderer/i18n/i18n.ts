import { createInstance, type TFunction } from 'i18next'
import { en } from './en'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

const instance = createInstance()
void instance.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  // The strings are in the bundle: nothing has to be waited for.
  initAsync: false,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
})

/** The words of the window in the language in use. A change of language mounts the window anew, so no component needs to listen for it. */
export const t: TFunction = instance.t

/** BCP 47 tag for numbers and dates. */
export const language: string = instance.language
