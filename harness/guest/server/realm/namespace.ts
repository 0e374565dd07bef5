/** The namespaces of what is no ES module, so that each is made once. */
const known = new WeakMap<object, object>()

/**
 * Returns what an import of a module sees. Of a CommonJS module `default` is all that it exports,
 * and its members are names of their own. `__esModule` makes esbuild's helpers pass it on as it is.
 */
export function namespaceOf(exports: unknown, isEsModule: boolean): unknown {
  if (isEsModule) return exports
  const isObject =
    (typeof exports === 'object' && exports !== null) || typeof exports === 'function'
  if (!isObject) return Object.defineProperty({ default: exports }, '__esModule', { value: true })
  const before = known.get(exports)
  if (before) return before
  const namespace = Object.defineProperty({}, '__esModule', { value: true })
  for (const name of Object.getOwnPropertyNames(exports))
    if (name !== 'default' && name !== '__esModule')
      Object.defineProperty(namespace, name, {
        get: () => (exports as Record<string, unknown>)[name],
        enumerable: true,
        configurable: true,
      })
  Object.defineProperty(namespace, 'default', { value: exports, enumerable: true })
  known.set(exports, namespace)
  return namespace
}
