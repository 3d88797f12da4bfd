using Nodepool.Core.Collections;

namespace Nodepool.Core.Model;

/// <summary>Slots of machines that exist, as far as they serve the same labels; a part of <see cref="PoolTermsRecord"/>.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Slots">How many slots bear just these.</param>
public sealed record SlotTerms(ValueList<string> Labels, int Slots);
