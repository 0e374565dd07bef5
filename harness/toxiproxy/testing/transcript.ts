import { request } from 'node:http'

/** A call of the API. No body by default. */
type Step = readonly [
  method: string,
  path: string,
  body?: string | undefined,
  headers?: Readonly<Record<string, string>>,
]

/**
 * The calls, made in this order on a new server. `TAKEN` is replaced by the API's own port, on
 * which no proxy can listen.
 */
const STEPS: readonly Step[] = [
  ['GET', '/version'],
  ['GET', '/proxies'],
  // Create proxies
  ['POST', '/proxies', '{"name":"a","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}'],
  ['POST', '/proxies', '{"name":"a","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}'],
  [
    'POST',
    '/proxies',
    '{"name":"b","listen":"localhost:0","upstream":"x:1","enabled":true,"extra":1}',
  ],
  ['POST', '/proxies', '{"name":"10","upstream":"x:1"}'],
  ['POST', '/proxies', '{"name":"9","listen":"0.0.0.0:0","upstream":"x:1"}'],
  [
    'POST',
    '/proxies',
    '{"NAME":"<Up>","Upstream":"a<b>&\\u2028","enabled":false,"listen":"no address"}',
  ],
  ['POST', '/proxies', '{"name":"d","listen":"127.0.0.1:TAKEN","upstream":"x:1"}'],
  ['POST', '/proxies', '{"name":"d","listen":"foo","upstream":"x:1"}'],
  ['POST', '/proxies', '{"name":"d","listen":"1.2.3.4:80","upstream":"x:1"}'],
  ['POST', '/proxies', '{"name":"d","listen":"127.0.0.1:99999","upstream":"x:1"}'],
  ['POST', '/proxies', '{"name":"d","listen":"127.0.0.1:80x","upstream":"x:1"}'],
  ['POST', '/proxies', ''],
  ['POST', '/proxies', '{"name":'],
  ['POST', '/proxies', 'x'],
  ['POST', '/proxies', '[]'],
  ['POST', '/proxies', 'null'],
  ['POST', '/proxies', '{"name":5}'],
  ['POST', '/proxies', '{"name":"e"}'],
  ['POST', '/proxies', '{"name":"e","upstream":""}'],
  ['POST', '/proxies', '{"name":"e","upstream":"x:1","enabled":"yes"}'],
  ['GET', '/proxies'],
  ['GET', '/proxies/a'],
  ['GET', '/proxies/nope'],
  ['GET', '/proxies/%3CUp%3E'],
  // Update proxies
  ['PATCH', '/proxies/a', '{"enabled":false}'],
  ['POST', '/proxies/a', '{"enabled":true,"name":"ignored"}'],
  ['POST', '/proxies/a', '{}'],
  ['POST', '/proxies/a', '{"upstream":"127.0.0.1:2"}'],
  ['PATCH', '/proxies/a', '{"listen":"foo"}'],
  ['PATCH', '/proxies/%3CUp%3E', '{"enabled":true}'],
  ['PATCH', '/proxies/%3CUp%3E', '{"listen":"127.0.0.1:0"}'],
  ['PATCH', '/proxies/%3CUp%3E', '{"enabled":true}'],
  ['PATCH', '/proxies/b', '{"listen":"127.0.0.1:TAKEN"}'],
  ['GET', '/proxies/b'],
  ['PATCH', '/proxies/b', '{"listen":""}'],
  ['POST', '/proxies/nope', 'x'],
  ['POST', '/proxies/a', 'x'],
  // Toxics
  ['GET', '/proxies/a/toxics'],
  [
    'POST',
    '/proxies/a/toxics',
    '{"type":"latency","attributes":{"LATENCY":5,"jitter":null,"other":9}}',
  ],
  ['POST', '/proxies/a/toxics', '{"type":"latency"}'],
  [
    'POST',
    '/proxies/a/toxics',
    '{"type":"latency","stream":"UPStream","toxicity":0.123456789,"attributes":{"latency":-5}}',
  ],
  [
    'POST',
    '/proxies/a/toxics',
    '{"type":"bandwidth","name":"up","stream":"upstream","toxicity":0.1,"attributes":{"rate":5}}',
  ],
  ['POST', '/proxies/a/toxics', '{"type":"slow_close","toxicity":0}'],
  ['POST', '/proxies/a/toxics', '{"type":"timeout","toxicity":7}'],
  ['POST', '/proxies/a/toxics', '{"type":"slicer","attributes":{"average_size":5,"delay":1}}'],
  ['POST', '/proxies/a/toxics', '{"type":"limit_data","attributes":null}'],
  [
    'POST',
    '/proxies/a/toxics',
    '{"type":"reset_peer","name":"","attributes":{"timeout":9007199254740991}}',
  ],
  ['POST', '/proxies/a/toxics', '{"type":"noop"}'],
  ['POST', '/proxies/b/toxics', '{"type":"slicer"}'],
  ['POST', '/proxies/a/toxics', '{"name":"up","type":"latency","stream":"downstream"}'],
  ['POST', '/proxies/a/toxics', '{"name":"up","type":"nope","stream":"sideways"}'],
  ['POST', '/proxies/a/toxics', '{"name":"up","type":"nope"}'],
  ['POST', '/proxies/a/toxics', '{"name":"up","type":"latency","attributes":{"latency":1.5}}'],
  ['POST', '/proxies/a/toxics', '{"name":"new","type":"latency","attributes":{"latency":1.5}}'],
  ['POST', '/proxies/a/toxics', '{"name":"new","type":"latency","attributes":{"latency":"5"}}'],
  ['POST', '/proxies/a/toxics', '{"name":"new","type":"latency","attributes":[1]}'],
  ['POST', '/proxies/a/toxics', '{"name":"new","type":"latency","toxicity":"1"}'],
  ['POST', '/proxies/a/toxics', '{"name":"new","type":"latency","stream":""}'],
  ['POST', '/proxies/a/toxics', '{"name":"new"}'],
  ['POST', '/proxies/a/toxics', ''],
  ['POST', '/proxies/nope/toxics', '{"type":"latency"}'],
  ['GET', '/proxies/nope/toxics'],
  ['GET', '/proxies/a/toxics'],
  ['GET', '/proxies/a/toxics/up'],
  ['GET', '/proxies/a/toxics/nope'],
  [
    'POST',
    '/proxies/a/toxics/up',
    '{"attributes":{"rate":7},"toxicity":0.5,"name":"z","stream":"downstream","type":"noop"}',
  ],
  ['PATCH', '/proxies/a/toxics/latency_downstream', '{"attributes":{"jitter":3}}'],
  ['PATCH', '/proxies/a/toxics/latency_downstream', '{"attributes":{"jitter":"x"}}'],
  ['PATCH', '/proxies/a/toxics/latency_downstream', '{}'],
  ['PATCH', '/proxies/a/toxics/nope', 'x'],
  ['PATCH', '/proxies/nope/toxics/up', '{}'],
  ['DELETE', '/proxies/a/toxics/up'],
  ['DELETE', '/proxies/a/toxics/up'],
  ['DELETE', '/proxies/nope/toxics/up'],
  // An update that restarts keeps the toxics.
  ['PATCH', '/proxies/a', '{"listen":"127.0.0.1:0"}'],
  // Populate
  ['POST', '/populate', '[]'],
  ['POST', '/populate', 'null'],
  ['POST', '/populate', '{}'],
  ['POST', '/populate', 'x'],
  [
    'POST',
    '/populate',
    '[{"name":"p","upstream":"y:1","listen":"127.0.0.1:0"},{"upstream":"y:1"}]',
  ],
  ['POST', '/populate', '[{"name":"p","upstream":"y:1","listen":"127.0.0.1:0"},{"name":"q"}]'],
  [
    'POST',
    '/populate',
    '[{"name":"p","upstream":"y:1","listen":"127.0.0.1:0"},{"name":"q","upstream":"y:1","listen":"127.0.0.1:TAKEN"}]',
  ],
  [
    'POST',
    '/populate',
    '[{"name":"r","upstream":"y:1","listen":"127.0.0.1:4","enabled":false,"toxics":[{"type":"latency"}]}]',
  ],
  ['POST', '/populate', '[{"name":"r","upstream":"y:1","listen":"127.0.0.1:4","enabled":true}]'],
  ['POST', '/proxies/r/toxics', '{"type":"noop"}'],
  ['POST', '/populate', '[{"name":"r","upstream":"y:2","listen":"127.0.0.1:4","enabled":false}]'],
  ['POST', '/populate', '[{"name":"s","upstream":"y:1","listen":"foo","enabled":false}]'],
  ['POST', '/populate', '[{"name":"s","upstream":"y:1","listen":"foo","enabled":false}]'],
  ['DELETE', '/proxies/s'],
  ['DELETE', '/proxies/r'],
  ['DELETE', '/proxies/r'],
  // Reset
  ['POST', '/reset'],
  ['GET', '/proxies'],
  // Paths and methods without a route
  ['GET', '/'],
  ['GET', '/metrics'],
  ['GET', '/proxies/'],
  ['GET', '/proxies/a/toxics/'],
  ['GET', '/proxies/a/b'],
  ['PUT', '/proxies/a'],
  ['DELETE', '/proxies'],
  ['POST', '/version'],
  ['GET', '/reset'],
  ['GET', '/version', undefined, { 'user-agent': 'Mozilla/5.0' }],
  ['GET', '/nowhere', undefined, { 'user-agent': 'Mozilla/5.0' }],
]

/** Makes every call and returns the responses as text, to be compared with the recorded file. */
export async function transcript(url: string): Promise<string> {
  const lines: string[] = []
  for (const [method, path, body, headers] of STEPS) {
    const ownPort = new URL(url).port
    const {
      status,
      headers: shown,
      text,
    } = await call(url, method, path, body?.replace('TAKEN', ownPort), headers)
    const comparable = text
      .replaceAll(`:${ownPort}`, ':TAKEN')
      // Free ports differ from run to run, and ours words the errors of bodies differently.
      .replace(/(127\.0\.0\.1|\[::\]):\d{4,5}(?!\d)/g, '$1:FREE')
      .replace(/bad request body: (?!EOF).*?(?=","status")/s, 'bad request body: …')
    lines.push(
      `${method} ${path} ${body ?? ''}`.trimEnd(),
      `  ${status} ${shown}`.trimEnd(),
      `  ${JSON.stringify(comparable)}`,
      '',
    )
  }
  return lines.join('\n')
}

function call(
  url: string,
  method: string,
  path: string,
  body?: string,
  headers?: Readonly<Record<string, string>>,
) {
  return new Promise<{ status: number; headers: string; text: string }>((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      { method, headers: { ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => {
          const {
            'content-type': type,
            'x-content-type-options': options,
            'x-toxiproxy-request-id': id,
          } = response.headers
          resolve({
            status: response.statusCode ?? 0,
            headers: [type, options, id ? 'id' : undefined].filter(Boolean).join(' · '),
            text: Buffer.concat(chunks).toString(),
          })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
