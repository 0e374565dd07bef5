/** esbuild prints each import on a line of its own. */
const IMPORT = /^import (?:(.+) from )?("(?:[^"\\]|\\.)*");$/gm
const REEXPORT = /^export \* from ("(?:[^"\\]|\\.)*");$/gm
/** All exports are in one list, the last statement. */
const EXPORTS = /^export \{([^}]*)\};$/m
const CLAUSE = /^(?:([\w$]+)(?:, )?)?(?:\* as ([\w$]+)|\{ (.*) \})?$/

/**
 * Turns an ES module as esbuild prints it, without template literals, into the body of an async
 * function. Imports come first, as they do in a module: they, and the exports, are moved to a line
 * of their own. The lines of the body keep their numbers.
 */
export function asyncBody(code: string): { readonly first: string; readonly body: string } {
  const first: string[] = []
  const moved = (statement: string) => {
    first.push(statement)
    return ''
  }
  const body = code
    .replace(EXPORTS, (all, list: string) => moved(exported(list)) + all.replace(/[^\n]/g, ''))
    .replace(IMPORT, (_all, clause: string | undefined, from: string) =>
      moved(imported(clause, from)),
    )
    .replace(REEXPORT, (_all, from: string) => moved(reexported(from)))
  return { first: first.join(''), body }
}

function imported(clause: string | undefined, from: string): string {
  const asked = `await tunnelproofImport(${from})`
  if (clause === undefined) return `${asked};`
  const [, byDefault, namespace, list] = CLAUSE.exec(clause) ?? []
  const named = list === undefined ? [] : list.split(', ').map((each) => each.replace(' as ', ': '))
  const members = [...(byDefault === undefined ? [] : [`default: ${byDefault}`]), ...named]
  if (namespace === undefined) return `const { ${members.join(', ')} } = ${asked};`
  const rest = members.length === 0 ? '' : `, { ${members.join(', ')} } = ${namespace}`
  return `const ${namespace} = ${asked}${rest};`
}

function exported(list: string): string {
  const members = list
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const [local, name = local] = each.split(' as ')
      return `${name}: { enumerable: true, get: () => ${local} }`
    })
  return `Object.defineProperties(exports, { ${members.join(', ')} });`
}

/** Names that the module exports itself come first. */
function reexported(from: string): string {
  const define = 'Object.defineProperty(exports, name, { enumerable: true, get: () => all[name] })'
  return (
    `{ const all = await tunnelproofImport(${from}); for (const name of Object.keys(all)) ` +
    `if (name !== 'default' && !Object.hasOwn(exports, name)) ${define}; }`
  )
}
