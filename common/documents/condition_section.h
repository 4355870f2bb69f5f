#pragma once

#include "common/documents/report.h"
#include "common/domain/condition.h"

namespace escalon::documents {

/// {field: priority, in: [P1, P2]} or {all: […]}, {any: […]}, {not: …}. Whether field and values exist is judged by
/// `Findings`.
bool ReadCondition(const Value& value, Condition* out);

}  // namespace escalon::documents
