import { IN_CLONE } from './home.ts'

let registered = IN_CLONE

/** Makes `import()` accept a user's TypeScript file, in the installed package as well. */
export async function registerTypeScript(path: string): Promise<void> {
  if (registered || !/\.[cm]?tsx?$/.test(path)) return
  registered = true
  // Both loaders: without "type": "module" in the folder's package.json a .ts file is CommonJS.
  const [commonjs, esm] = [await import('tsx/cjs/api'), await import('tsx/esm/api')]
  commonjs.register()
  esm.register()
}
