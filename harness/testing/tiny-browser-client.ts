import type { ClientDefinition } from '../core/client.ts'
import tinyClient from './tiny-client.ts'

/** The tiny client as an app in a browser, which an unhandled rejection does not end. */
const tinyBrowserClient: ClientDefinition = {
  ...tinyClient,
  name: 'tiny-browser',
  module: import.meta.url,
  capabilities: { ...tinyClient.capabilities, browser: true },
}

export default tinyBrowserClient
