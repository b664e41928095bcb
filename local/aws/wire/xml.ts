/** Text as the content of an XML element. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What stands between the root element's tags; empty for an empty root. */
export function innerXml(xml: string): string {
  const withoutProlog = xml.replace(/^<\?xml[^>]*\?>/, '');
  return /^<[^>]*[^/]>([\s\S]*)<\/[^>]+>$/.exec(withoutProlog)?.[1] ?? '';
}
