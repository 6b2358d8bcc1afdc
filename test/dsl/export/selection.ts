import type { SpecModel } from '../../support/specs.ts';

/** The first few models of each file: those of one file differ in parameters, and continuous integration has little time. */
export function fewOfEach(models: readonly SpecModel[], most: number): SpecModel[] {
  return models.filter(({ file }, index) => models.slice(0, index).filter((one) => one.file === file).length < most);
}

/** Whether a model is of the one protocol at its full size, which may be more than an export has room for. */
export function isFullSize({ file }: Pick<SpecModel, 'file'>): boolean {
  return file.startsWith('vmm-drv/');
}
