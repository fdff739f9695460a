import { en, type Key, type Words } from './en.ts'
import { ja } from './ja.ts'

export const LANGUAGES: Readonly<Record<string, { readonly name: string; readonly words: Words }>> = {
  en: { name: 'English', words: en },
  ja: { name: '日本語', words: ja },
}
const NAME = 'cuffpilot-language'

/** The language that was chosen here, or else that of the browser, or else English. */
export let language =
  [localStorage.getItem(NAME), navigator.language.slice(0, 2)].find(one => one && one in LANGUAGES) ?? 'en'

export function speak(wanted: string): void {
  language = wanted in LANGUAGES ? wanted : 'en'
  localStorage.setItem(NAME, language)
  document.documentElement.lang = language
}

export const say = (key: Key): string => LANGUAGES[language]!.words[key]
