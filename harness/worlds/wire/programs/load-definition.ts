/**
 * Imports the module of a client or server under test and returns its default export. Node wraps
 * that of a CommonJS module that was compiled from `export default`, for example of a .ts file in a
 * folder whose package.json does not have `"type": "module"`.
 *
 * @param source file URL of what `url` was compiled from, or `url`: becomes the `module`
 */
export async function loadDefinition<Definition extends object>(
  url: string,
  source: string,
): Promise<Definition> {
  const { default: exported } = (await import(url)) as { default: unknown }
  const isWrapped =
    typeof exported === 'object' &&
    exported !== null &&
    '__esModule' in exported &&
    'default' in exported
  const definition = (isWrapped ? exported.default : exported) as Definition
  return { ...definition, module: source }
}
