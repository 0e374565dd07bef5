import { IN_CLONE } from './home.ts'

let registered = IN_CLONE

/** Lets `import()` take a user's TypeScript, in the installed package as well. */
export async function acceptTypeScript(path: string): Promise<void> {
  if (registered || !/\.[cm]?tsx?$/.test(path)) return
  registered = true
  const { register } = await import('tsx/esm/api')
  register()
}
