/**
 * Builds the app into built/: bundles the service worker, with the list of files that it
 * precaches (as workbox-build does), and copies the rest.
 *
 *     node workbox/build.js
 */
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Bundles a script of the app. */
const bundle = (file, options) =>
  build({
    entryPoints: [at(`app/${file}`)],
    outfile: at(`built/${file}`),
    bundle: true,
    minify: true,
    target: 'chrome120',
    ...options,
  })

/** A file of the precache, whose revision changes with its content. */
const entry = (url, file) => ({
  url,
  revision: createHash('sha256')
    .update(readFileSync(at(`built/${file}`)))
    .digest('hex'),
})

mkdirSync(at('built/'), { recursive: true })
const copied = ['index.html', 'page.css', 'manifest.webmanifest']
for (const file of copied) cpSync(at(`app/${file}`), at(`built/${file}`))
await bundle('page.js', { format: 'esm' })
const manifest = [
  entry('/', 'index.html'),
  ...['page.css', 'page.js', 'manifest.webmanifest'].map((file) => entry(`/${file}`, file)),
]
await bundle('sw.js', {
  format: 'iife',
  define: {
    'self.__WB_MANIFEST': JSON.stringify(manifest),
    'process.env.NODE_ENV': '"production"',
  },
})
