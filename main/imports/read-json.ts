/** A JSON object whose fields nobody has checked. */
export type JsonObject = { readonly [name: string]: unknown };

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object that the text is, or null. */
export function parseJsonObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    // Same as JSON of another shape: the caller counts the line.
    return null;
  }
}

/** The text of a field, a number as text too; empty where it is anything else. */
export function fieldText(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The object in a field, or an empty one. */
export function fieldObject(object: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isJsonObject(value) ? value : {};
}

/** The objects of a list in a field; what is none is left out. */
export function fieldObjects(object: JsonObject, name: string): JsonObject[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The texts of a list in a field; what is no text becomes an empty one. */
export function fieldTexts(object: JsonObject, name: string): string[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : '')) : [];
}
