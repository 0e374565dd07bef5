import { isWrappedDefault } from '../../../core/wrapped-default.ts'

/**
 * Imports the module of a client or server under test and returns its default export.
 *
 * @param source file URL of what `url` was compiled from, or `url`: becomes the `module`
 */
export async function loadDefinition<Definition extends object>(
  url: string,
  source: string,
): Promise<Definition> {
  const { default: exported } = (await import(url)) as { default: unknown }
  const definition = (isWrappedDefault(exported) ? exported.default : exported) as Definition
  return { ...definition, module: source }
}
