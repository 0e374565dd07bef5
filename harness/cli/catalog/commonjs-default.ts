import { registerTypeScript } from './register-typescript.ts'

/**
 * The default export of a user's module of the older kind (CommonJS: a .ts file in a folder whose package.json does not say 'module'), which Node hands over wrapped. A
 * device's process imports this module in place of the user's own (own-file.ts).
 */
const wrapped = new URL(import.meta.url).searchParams.get('of') ?? ''
await registerTypeScript(wrapped)
const { default: exported } = (await import(wrapped)) as { default?: { default?: unknown } }

export default exported?.default
