#pragma once

#include <string>
#include <string_view>

#include "common/documents/fields.h"

namespace escalon::documents {

/// A document of another kind is refused as a whole: its keys would all be unknown.
Status CheckKind(const Node& document, std::string_view kind);
/// apiVersion, kind and id: what every document begins with.
void ReadHeader(Fields* fields, std::string_view kind, std::string* id);

}  // namespace escalon::documents
