#pragma once

#include "common/domain/case.h"
#include "common/domain/event.h"

/// Batches as a keeper writes them.
namespace escalon::wire {

EventBatch OpenedBatch();
/// Triage's advice with what the rules made of it.
EventBatch TriagedBatch();
/// A case after both.
Case SampleCase();

}  // namespace escalon::wire
