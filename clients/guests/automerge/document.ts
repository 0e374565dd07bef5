/** The document's content: rows by their ids. */
export interface App {
  messages: Record<string, Record<string, string>>
  notes: Record<string, Record<string, string>>
}

/** The document that all devices share. In an app its URL is in the link that one follows. */
export const DOCUMENT_ID = 'wVnHLTEfGvyV8CPyburSV4bt5Kg'
export const URL_OF_DOCUMENT = `automerge:${DOCUMENT_ID}`
