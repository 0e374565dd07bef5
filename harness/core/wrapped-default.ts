/**
 * Returns true for the default export of a CommonJS module that was compiled from `export default`,
 * for example of a .ts file in a folder whose package.json does not have `"type": "module"`: Node
 * wraps it in an object.
 */
export function isWrappedDefault(value: unknown): value is { readonly default: unknown } {
  return typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value
}
