import type { SpecModel } from '../../support/specs.ts';

/** The first few models of each file: those of one file differ in parameters, and continuous integration has little time. */
export function fewOfEach(models: readonly SpecModel[], most: (of: SpecModel) => number): SpecModel[] {
  return models.filter(
    (model, index) => models.slice(0, index).filter(({ file }) => file === model.file).length < most(model),
  );
}

/** Whether a model is of the one protocol at its full size, which may be more than an export has room for. */
export function isFullSize({ file }: Pick<SpecModel, 'file'>): boolean {
  return file.startsWith('vmm-drv/');
}
