import Sqlite from 'libsql'
import type {
  Database,
  Key,
  KeyPart,
  OpenDatabase,
  Range,
  Row,
  Schema,
  Table,
  TableSchema,
  Tables,
} from '../../../core/ports/database.ts'

/**
 * The Database port on a SQLite file. With the write-ahead log and synchronous FULL, a transaction
 * is on disk when it returns. A record is stored as JSON text, which escapes lone surrogates that
 * SQLite's UTF-8 cannot store; its key and index fields are columns. All databases opened with the
 * returned function share one connection, so there is one transaction at a time.
 */
export function sqliteDatabase(file: string): OpenDatabase {
  const connection = new Sqlite(file)
  connection.exec('PRAGMA journal_mode = WAL')
  connection.exec('PRAGMA synchronous = FULL')
  const link: Link = { connection, writing: false, statements: new Map() }
  return (schema) => {
    for (const [name, table] of Object.entries(schema)) prepareTable(link, name, table)
    return new SqliteDatabase(link, schema)
  }
}

type Statement = ReturnType<InstanceType<typeof Sqlite>['prepare']>

interface Link {
  readonly connection: InstanceType<typeof Sqlite>
  readonly statements: Map<string, Statement>
  writing: boolean
}

class SqliteDatabase implements Database {
  readonly #link: Link
  readonly #schema: Schema

  constructor(link: Link, schema: Schema) {
    this.#link = link
    this.#schema = schema
  }

  transaction<Result>(work: (tables: Tables) => Result): Result {
    const link = this.#link
    if (link.writing) throw new Error('transactions do not nest: finish the running one first')
    link.writing = true
    try {
      link.connection.exec('BEGIN IMMEDIATE')
      try {
        const result = work(this.#tables(true))
        link.connection.exec('COMMIT')
        return result
      } catch (error) {
        link.connection.exec('ROLLBACK')
        throw error
      }
    } finally {
      link.writing = false
    }
  }

  read<Result>(work: (tables: Tables) => Result): Result {
    return work(this.#tables(false))
  }

  #tables(writable: boolean): Tables {
    return {
      table: <R extends Row>(name: string): Table<R> => {
        const schema = this.#schema[name]
        if (!schema)
          throw new Error(
            `no table '${name}' in the schema; it has ${Object.keys(this.#schema).join(', ')}`,
          )
        return new SqliteTable<R>(this.#link, name, schema, writable)
      },
    }
  }
}

class SqliteTable<R extends Row> implements Table<R> {
  readonly #link: Link
  readonly #name: string
  readonly #schema: TableSchema
  readonly #key: readonly string[]
  readonly #writable: boolean

  constructor(link: Link, name: string, schema: TableSchema, writable: boolean) {
    this.#link = link
    this.#name = name
    this.#schema = schema
    this.#key = keyFields(schema)
    this.#writable = writable
  }

  get(key: Key): R | undefined {
    const values = parts(key)
    if (values.length !== this.#key.length) return undefined
    return this.#rows(
      `SELECT record FROM ${quoted(this.#name)} WHERE ${equal(this.#key)}`,
      values,
    )[0]
  }

  put(record: R): void {
    this.#mustWrite()
    const fields = columnFields(this.#schema)
    const values = fields.map((field) => partOf(record, field))
    if (this.#key.some((field) => partOf(record, field) === null))
      throw new Error(`a record needs its key: ${this.#key.join(', ')}`)
    const columns = ['record', ...fields.map(column)]
    const parameters = columns.map(() => '?').join(', ')
    const sql =
      `INSERT OR REPLACE INTO ${quoted(this.#name)} (${columns.join(', ')}) ` +
      `VALUES (${parameters})`
    statement(this.#link, sql).run([JSON.stringify(record), ...values])
  }

  delete(key: Key): boolean {
    this.#mustWrite()
    const values = parts(key)
    if (values.length !== this.#key.length) return false
    return (
      statement(this.#link, `DELETE FROM ${quoted(this.#name)} WHERE ${equal(this.#key)}`).run([
        ...values,
      ]).changes > 0
    )
  }

  all(range: Range = {}): R[] {
    return this.#select(this.#key, [], range)
  }

  by(index: string, range: Range = {}): R[] {
    const fields = this.#schema.indexes?.[index]
    if (!fields)
      throw new Error(
        `no index '${index}'; there are ` +
          `${Object.keys(this.#schema.indexes ?? {}).join(', ') || 'none'}`,
      )
    return this.#select([...fields, ...this.#key], fields, range)
  }

  count(): number {
    const [row] = statement(this.#link, `SELECT count(*) AS count FROM ${quoted(this.#name)}`).all(
      [],
    ) as { count: number }[]
    return row?.count ?? 0
  }

  /** Selects records in the order of `order`, without those that lack a field of `present`. */
  #select(
    order: readonly string[],
    present: readonly string[],
    { prefix, after, limit, reverse = false }: Range,
  ): R[] {
    const head = prefix === undefined ? [] : parts(prefix)
    const beyond = after === undefined ? [] : parts(after)
    const conditions = present.map((field) => `${column(field)} IS NOT NULL`)
    if (head.length > 0) conditions.push(equal(order.slice(0, head.length)))
    // A row value: a leading part of a key skips every key that begins with it.
    if (beyond.length > 0) {
      const fields = order.slice(head.length, head.length + beyond.length).map(column)
      conditions.push(
        `(${fields.join(', ')}) ${reverse ? '<' : '>'} (${fields.map(() => '?').join(', ')})`,
      )
    }
    const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
    const sorted = order.map((field) => `${column(field)}${reverse ? ' DESC' : ''}`).join(', ')
    const sql = `SELECT record FROM ${quoted(this.#name)}${where} ORDER BY ${sorted} LIMIT ?`
    return this.#rows(sql, [...head, ...beyond, limit ?? -1])
  }

  #rows(sql: string, values: readonly KeyPart[]): R[] {
    return (statement(this.#link, sql).all([...values]) as { record: string }[]).map(
      (row) => JSON.parse(row.record) as R,
    )
  }

  #mustWrite(): void {
    if (!this.#writable) throw new Error('read() does not write; use transaction()')
  }
}

function prepareTable(link: Link, name: string, schema: TableSchema): void {
  const { connection } = link
  const key = keyFields(schema)
  // Columns without a type keep numbers and texts apart, as the port orders them. Texts compare by
  // their UTF-8 bytes.
  const columns = [
    ...columnFields(schema).map(column),
    'record TEXT NOT NULL',
    `PRIMARY KEY (${key.map(column).join(', ')})`,
  ]
  connection.exec(
    `CREATE TABLE IF NOT EXISTS ${quoted(name)} (${columns.join(', ')}) WITHOUT ROWID`,
  )
  addMissingColumns(link, name, schema)
  for (const [index, fields] of Object.entries(schema.indexes ?? {})) {
    const present = fields.map((field) => `${column(field)} IS NOT NULL`).join(' AND ')
    const sorted = [...fields, ...key].map(column).join(', ')
    connection.exec(
      `CREATE INDEX IF NOT EXISTS ${quoted(`${name}.${index}`)} ` +
        `ON ${quoted(name)} (${sorted}) WHERE ${present}`,
    )
  }
}

/** A later version of a client may index a field that an earlier one only stored. */
function addMissingColumns(link: Link, name: string, schema: TableSchema): void {
  const there = (
    link.connection.prepare(`PRAGMA table_info(${quoted(name)})`).all([]) as { name: string }[]
  ).map((row) => row.name)
  const missing = columnFields(schema).filter((field) => !there.includes(`f.${field}`))
  if (missing.length === 0) return
  link.connection.exec('BEGIN IMMEDIATE')
  for (const field of missing)
    link.connection.exec(`ALTER TABLE ${quoted(name)} ADD COLUMN ${column(field)}`)
  const table = new SqliteTable(link, name, schema, true)
  for (const record of table.all()) table.put(record)
  link.connection.exec('COMMIT')
}

function statement(link: Link, sql: string): Statement {
  const known = link.statements.get(sql)
  if (known) return known
  const fresh = link.connection.prepare(sql)
  link.statements.set(sql, fresh)
  return fresh
}

function partOf(record: Row, field: string): KeyPart | null {
  const value = record[field]
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new Error(
      `field '${field}' is in a key or an index and must be a number or a text; ` +
        `got ${JSON.stringify(value)}`,
    )
  }
  return value
}

const keyFields = (schema: TableSchema): readonly string[] =>
  typeof schema.key === 'string' ? [schema.key] : schema.key
const columnFields = (schema: TableSchema): string[] => [
  ...new Set([...keyFields(schema), ...Object.values(schema.indexes ?? {}).flat()]),
]
const parts = (key: Key): readonly KeyPart[] => (typeof key === 'object' ? key : [key])
const equal = (fields: readonly string[]): string =>
  fields.map((field) => `${column(field)} = ?`).join(' AND ')
/** The prefix distinguishes a field named 'record' from the record itself. */
const column = (field: string): string => quoted(`f.${field}`)
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
