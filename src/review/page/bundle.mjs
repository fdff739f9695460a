/** Part of `npm run build`: the live page with all that it needs, as one script for a browser. What a browser lacks is an error. */
import { build } from 'rolldown'

await build({
  input: 'src/review/page/main.ts',
  platform: 'browser',
  output: { file: 'dist/live-page.js', format: 'iife' },
  onLog(_level, { message }) {
    throw new Error(message)
  },
})
