import { createHash } from 'node:crypto';
import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import type { ShippedPackage } from './shipped-packages.ts';

export type Product = { readonly name: string; readonly version: string; readonly licence: string; readonly builtAtMs: number };

const SPEC = Spec.Spec1dot6;

/** Package URL. Source: https://github.com/package-url/purl-spec, type npm. SQLite and Node are no packages of npm. */
export function purlOf({ name, version }: Pick<ShippedPackage, 'name' | 'version'>): string {
  if (name === 'sqlite' || name === 'node') return `pkg:generic/${name}@${version}`;
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function licenceOf(expression: string): Models.LicenseRepository {
  return new Models.LicenseRepository([new Models.LicenseExpression(expression)]);
}

function componentOf(shipped: ShippedPackage): Models.Component {
  const [group, name] = shipped.name.startsWith('@') ? shipped.name.split('/') : [undefined, shipped.name];
  const type = shipped.name === 'electron' ? Enums.ComponentType.Framework : shipped.name === 'node' ? Enums.ComponentType.Platform : Enums.ComponentType.Library;
  const sha512 = /^sha512-(.+)$/.exec(shipped.integrity ?? '')?.[1];
  return new Models.Component(type, name ?? shipped.name, {
    ...(group === undefined ? {} : { group }),
    version: shipped.version,
    purl: purlOf(shipped),
    bomRef: purlOf(shipped),
    scope: Enums.ComponentScope.Required,
    licenses: licenceOf(shipped.licence),
    hashes: new Models.HashDictionary(sha512 === undefined ? [] : [[Enums.HashAlgorithm['SHA-512'], Buffer.from(sha512, 'base64').toString('hex')]]),
    properties: new Models.PropertyRepository(shipped.parts.map((part) => new Models.Property('firebreak:part', part))),
  });
}

/** The same packages give the same serial number, so that two builds of one commit are the same bytes. */
function serialNumberOf(product: Product, packages: readonly ShippedPackage[]): string {
  const hash = createHash('sha256').update(JSON.stringify([product, packages.map(purlOf)])).digest('hex');
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 3) | 8).toString(16);
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** CycloneDX 1.6 as JSON, sorted; valid against the official schema. @throws when it is not, with what the schema says */
export async function billOfMaterials(product: Product, packages: readonly ShippedPackage[]): Promise<string> {
  const components = packages.map(componentOf);
  const whole = new Models.Component(Enums.ComponentType.Application, product.name, {
    version: product.version,
    bomRef: `${product.name}@${product.version}`,
    licenses: licenceOf(product.licence),
    dependencies: new Models.BomRefRepository(components.map(({ bomRef }) => bomRef)),
  });
  const bom = new Models.Bom({
    serialNumber: serialNumberOf(product, packages),
    metadata: new Models.Metadata({ timestamp: new Date(product.builtAtMs), component: whole }),
    components: new Models.ComponentRepository(components),
  });
  const text = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(SPEC)).serialize(bom, { sortLists: true, space: 2 });
  const wrong: unknown = await new Validation.JsonStrictValidator(SPEC.version).validate(text);
  if (wrong !== null) throw new Error(`the bill of materials is not valid CycloneDX: ${JSON.stringify(wrong)}`);
  return `${text}\n`;
}
