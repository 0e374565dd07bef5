import type { Database, Row, Schema } from '../../../harness/core/ports/database.ts'
import { flawed } from '../wrap.ts'

/** Signs the person out at a 401, and clears the device as for the next person. */
export default flawed(
  'wipes-on-401',
  'deletes what it has when the session expires',
  ({ http, database, recorder }) => {
    const opened: { readonly schema: Schema; readonly database: Database }[] = []
    const wipe = () => {
      for (const { schema, database } of opened)
        database.transaction((tables) => {
          for (const [name, { key }] of Object.entries(schema)) {
            const table = tables.table<Row>(name)
            for (const row of table.all())
              table.delete([key].flat().map((field) => row[field] as string | number))
          }
        })
      recorder.screen()
    }
    return {
      database: (schema) => {
        const own = database(schema)
        opened.push({ schema, database: own })
        return own
      },
      http: {
        request: async (request, abort) => {
          const response = await http.request(request, abort)
          if (response.status === 401) wipe()
          return response
        },
      },
    }
  },
)
