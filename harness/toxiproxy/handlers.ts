import { ToxicError } from '../link/errors.ts'
import { Body, parseJson } from './body.ts'
import type { Proxies, ProxyConfig } from './proxies.ts'
import {
  type ApiResponse,
  errorFields,
  json,
  jsonResponse,
  noContent,
  proxyJson,
  toxicFields,
} from './response.ts'
import type { TcpProxy } from './tcp-proxy.ts'

export interface ApiCall {
  readonly proxies: Proxies
  /** The names in the path, empty if it has none. */
  readonly names: readonly [proxy: string, toxic: string]
  readonly body: string
}

/** Carries out one call of the API. Throws a ToxicError, or a Problem if a proxy cannot listen. */
export type Handler = (call: ApiCall) => ApiResponse | Promise<ApiResponse>

const missingField = (field: string) => new ToxicError(400, `missing required field: ${field}`)

export const showVersion: Handler = () => ({
  status: 200,
  headers: { 'Content-Type': 'application/json;charset=utf-8' },
  body: '{"version": "2.12.0"}\n',
})

export const listProxies: Handler = ({ proxies }) => {
  const members = proxies.all().map((proxy) => `${json(proxy.name)}:${proxyJson(proxy)}`)
  return jsonResponse(200, `{${members.join(',')}}`)
}

export const createProxy: Handler = async ({ proxies, body }) => {
  const config = readProxy(parseJson(body), '')
  return jsonResponse(201, proxyJson(await proxies.add(config)))
}

export const showProxy: Handler = ({ proxies, names }) =>
  jsonResponse(200, proxyJson(proxies.get(names[0])))

export const updateProxy: Handler = async ({ proxies, names, body }) => {
  const { listen, upstream, enabled } = proxies.get(names[0])
  const given = new Body(parseJson(body), 'Proxy')
  const config = {
    listen: given.text('listen') ?? listen,
    upstream: given.text('upstream') ?? upstream,
    enabled: given.flag('enabled') ?? enabled,
  }
  return jsonResponse(200, proxyJson(await proxies.update(names[0], config)))
}

export const deleteProxy: Handler = async ({ proxies, names }) => {
  await proxies.remove(names[0])
  return noContent
}

/**
 * Validates all proxies before it creates any; then creates them one by one, up to the first that
 * cannot listen. Returns an error as JSON, together with the proxies that were created.
 */
export const populate: Handler = async ({ proxies, body }) => {
  const created: TcpProxy[] = []
  let error: ReturnType<typeof errorFields> | undefined
  try {
    const list = parseJson(body) ?? []
    if (!Array.isArray(list))
      throw new ToxicError(400, 'bad request body: expected a list of proxies')
    const configs = list.map((each, i) => readProxy(each, ` at proxy ${i + 1}`))
    for (const config of configs) created.push(await proxies.addOrReplace(config))
  } catch (cause) {
    error = errorFields(cause)
  }
  const list = created.length > 0 ? `[${created.map(proxyJson).join(',')}]` : 'null'
  const fields = error ? `"error":${json(error.error)},"status":${error.status},` : ''
  return jsonResponse(error?.status ?? 201, `{${fields}"proxies":${list}}`)
}

export const reset: Handler = async ({ proxies }) => {
  await proxies.reset()
  return noContent
}

export const listToxics: Handler = ({ proxies, names }) =>
  jsonResponse(200, json(proxies.get(names[0]).link.list().map(toxicFields)))

export const createToxic: Handler = ({ proxies, names, body }) => {
  const { link } = proxies.get(names[0])
  const given = new Body(parseJson(body), 'ToxicWrapper')
  const entry = link.addToxic({
    name: given.text('name'),
    type: given.text('type') ?? '',
    stream: given.text('stream') ?? 'downstream',
    toxicity: given.float('toxicity'),
    attributes: given.object('attributes'),
  })
  return jsonResponse(200, json(toxicFields(entry)))
}

export const showToxic: Handler = ({ proxies, names }) => {
  const entry = proxies.get(names[0]).link.find(names[1])
  if (!entry) throw new ToxicError(404, 'toxic not found')
  return jsonResponse(200, json(toxicFields(entry)))
}

export const updateToxic: Handler = (call) => {
  const { proxies, names, body } = call
  const { link } = proxies.get(names[0])
  // As in the original, an unknown toxic is reported before an invalid body.
  showToxic(call)
  const given = new Body(parseJson(body), 'ToxicWrapper')
  const entry = link.updateToxic(names[1], {
    toxicity: given.float('toxicity'),
    attributes: given.object('attributes'),
  })
  return jsonResponse(200, json(toxicFields(entry)))
}

export const deleteToxic: Handler = ({ proxies, names }) => {
  proxies.get(names[0]).link.removeToxic(names[1])
  return noContent
}

/** `where` completes the error text of a missing field. */
function readProxy(value: unknown, where: string): ProxyConfig {
  const given = new Body(value, 'Proxy')
  const name = given.text('name')
  const listen = given.text('listen') ?? ''
  const upstream = given.text('upstream')
  const enabled = given.flag('enabled') ?? true
  if (!name) throw missingField(`name${where}`)
  if (!upstream) throw missingField(`upstream${where}`)
  return { name, upstream, listen, enabled }
}
