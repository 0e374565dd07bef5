import { writeSync } from 'node:fs'
import { sqliteDatabase } from '../ports/database.ts'

/** Commits row after row to the given file, and prints the number of each committed row. */
const database = sqliteDatabase(process.argv[2] as string)({
  rows: { key: 'id', indexes: { byParity: ['parity'] } },
})
for (;;) {
  const id = database.transaction((tables) => {
    const rows = tables.table('rows')
    const next = rows.count() + 1
    rows.put({ id: next, parity: next % 2, text: 'x'.repeat(2000) })
    return next
  })
  writeSync(1, `${id}\n`)
}
