/** The place in which the items of a Storage are kept. */
export interface StorageArea {
  put(name: string, value: string): void
  delete(name: string): void
}

/** About as much as browsers keep for an origin, in UTF-16 units. */
const QUOTA = 5 * 1024 * 1024

/** Returns a Storage with the given items: also its properties are items, as in browsers. */
export function storageObject(items: Iterable<[string, string]>, area: StorageArea): object {
  const map = new Map(items)
  let used = 0
  for (const [name, value] of map) used += name.length + value.length
  const remove = (name: string): void => {
    const value = map.get(name)
    if (value === undefined) return
    used -= name.length + value.length
    map.delete(name)
    area.delete(name)
  }
  const methods = {
    get length() {
      return map.size
    },
    key: (place: unknown) => [...map.keys()][Number(place)] ?? null,
    getItem: (name: unknown) => map.get(String(name)) ?? null,
    setItem: (name: unknown, value: unknown) => {
      const [key, text] = [String(name), String(value)]
      const before = map.get(key)
      const after = used - (before === undefined ? 0 : key.length + before.length)
      if (after + key.length + text.length > QUOTA)
        throw new DOMException(`'${key}' exceeds the quota.`, 'QuotaExceededError')
      used = after + key.length + text.length
      map.set(key, text)
      area.put(key, text)
    },
    removeItem: (name: unknown) => remove(String(name)),
    clear: () => {
      for (const name of [...map.keys()]) remove(name)
    },
  }
  const isItem = (name: string | symbol): name is string =>
    typeof name === 'string' && !(name in methods) && map.has(name)
  return new Proxy(Object.create(methods), {
    get: (target, name) => (isItem(name) ? map.get(name) : Reflect.get(target, name)),
    has: (target, name) => isItem(name) || name in target,
    set: (_target, name, value) => {
      if (typeof name === 'symbol' || name in methods) return false
      methods.setItem(name, value)
      return true
    },
    deleteProperty: (_target, name) => {
      if (typeof name === 'string') remove(name)
      return true
    },
    ownKeys: () => [...map.keys()],
    getOwnPropertyDescriptor: (_target, name) =>
      isItem(name)
        ? { value: map.get(name), writable: true, enumerable: true, configurable: true }
        : undefined,
  })
}
