#pragma once

#include "common/domain/case.h"
#include "common/wire/sealed_fields.h"

namespace escalon::cases::v1 {
class PublicCase;
}

namespace escalon::wire {

/// Who looks at a case.
struct Viewer {
  /// Opens personal fields; none: they stay closed and empty, because the viewer may not read them.
  OpenField open;
  /// The requester's own side: what is marked "desk only" in the proto is left out.
  bool requester = false;
};

/// A case as clients see it (proto/escalon/cases/v1/public_case.proto). A field that `open` cannot open is empty, and
/// `personal_fields_closed` says so. Whether the viewer may see the case at all was judged before. Pure but for `open`.
void ToProto(const Case& c, const Viewer& viewer, cases::v1::PublicCase* out);

}  // namespace escalon::wire
