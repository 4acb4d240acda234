/** Values of a template. `undefined` is one: a name that nobody gave a value. */
export type TemplateValue = string | number | boolean | null | undefined | readonly TemplateValue[] | ReadonlyMap<string, TemplateValue>;

export const isList = (value: TemplateValue): value is readonly TemplateValue[] => Array.isArray(value);
const isMap = (value: TemplateValue): value is ReadonlyMap<string, TemplateValue> => value instanceof Map;

export const isTruthy = (value: TemplateValue): boolean => (isList(value) ? value.length > 0 : isMap(value) ? value.size > 0 : Boolean(value));

/** As Jinja prints it: `True` and `False` as Python does. */
export function printValue(value: TemplateValue): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export const memberOf = (value: TemplateValue, key: TemplateValue): TemplateValue => {
  if (isMap(value)) return value.get(printValue(key));
  return isList(value) && typeof key === 'number' ? value[key] : undefined;
};

export function contains(container: TemplateValue, item: TemplateValue): boolean {
  if (typeof container === 'string') return typeof item === 'string' && container.includes(item);
  if (isList(container)) return container.includes(item);
  return isMap(container) && container.has(printValue(item));
}

export const keysOf = (value: TemplateValue): readonly TemplateValue[] => (isList(value) ? value : isMap(value) ? [...value.keys()] : []);
