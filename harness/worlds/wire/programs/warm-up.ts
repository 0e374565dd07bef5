import { RequestLog } from '../../host/request-log.ts'
import { WireClock } from '../ports/clock.ts'
import { sqliteDatabase } from '../ports/database.ts'
import { wireHttp } from '../ports/http.ts'
import type { Transport } from '../transport.ts'

/**
 * Runs one transaction and one request to this process, before scenario time begins. The first of
 * each costs 20 ms, which at time scale 40 would make the code under test look 0.8 s slow.
 */
export async function warmUp(serve: Transport['serve']): Promise<void> {
  const database = sqliteDatabase(':memory:')({
    rows: { key: 'id', indexes: { byName: ['name'] } },
  })
  database.transaction((tables) => tables.table('rows').put({ id: 1, name: 'a' }))
  database.read((tables) => tables.table('rows').by('byName', { prefix: 'a' }))

  const listening = await serve(async ({ body = '' }) => ({ status: 200, headers: {}, body }), {
    host: '127.0.0.1',
    port: 0,
  })
  const clock = new WireClock(1, process.hrtime.bigint())
  const http = wireHttp({
    server: `http://127.0.0.1:${listening.port}`,
    clock,
    requests: new RequestLog({ nextId: () => 'warm-up', emit: () => {} }),
  })
  await http.request({ method: 'POST', path: '/', body: '{}', deadline: 1000 }).catch(() => {})
  await listening.close()
}
