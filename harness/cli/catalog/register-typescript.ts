import { IN_CLONE } from './home.ts'

let registered = IN_CLONE

/** Lets `import()` take a user's TypeScript, in the installed package as well. */
export async function registerTypeScript(path: string): Promise<void> {
  if (registered || !/\.[cm]?tsx?$/.test(path)) return
  registered = true
  // Both: in a folder whose package.json does not say 'module', a .ts file is a module of the older kind.
  const [older, newer] = [await import('tsx/cjs/api'), await import('tsx/esm/api')]
  older.register()
  newer.register()
}
