import { registerTypeScript } from './register-typescript.ts'

/**
 * Re-exports the default export of a user's CommonJS module, for example a .ts file in a folder
 * whose package.json does not have `"type": "module"`. Node wraps such an export; this module
 * unwraps it. The process of a device imports it instead of the user's module, see user-module.ts.
 *
 * @module
 */
const wrapped = new URL(import.meta.url).searchParams.get('of') ?? ''
await registerTypeScript(wrapped)
const { default: exported } = (await import(wrapped)) as { default?: { default?: unknown } }

export default exported?.default
