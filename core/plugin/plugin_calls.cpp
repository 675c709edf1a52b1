#include "core/plugin/plugin_calls.h"

#include "core/base/error.h"

namespace posteria::plugin {

namespace {

PosteriaBuffer denseFloats(const image::Shape& s, const float* data) {
    PosteriaBuffer buffer = {const_cast<float*>(data),
                             POSTERIA_FLOAT32,
                             {s.t, s.c, s.z, s.y, s.x},
                             {0, 0, 0, 0, sizeof(float)}};
    for (int i = 3; i >= 0; --i)
        buffer.stride[i] = buffer.stride[i + 1] * buffer.extent[i + 1];
    return buffer;
}

}  // namespace

void degrade(const Plugin& plugin, Direction direction, double severity, const image::Shape& shape,
             const float* in, float* out, const CancelToken& token) {
    if (!(severity >= 0 && severity <= 1))
        throw Error(ErrorKind::Usage, "A severity lies between 0 and 1.", plugin.title);
    const auto& table = plugin.table<PosteriaDegradation>();
    const auto from = denseFloats(shape, in), to = denseFloats(shape, out);
    Call call(plugin, token);
    call.check((direction == Direction::Apply ? table.apply : table.adjoint)(
                   call.services(), severity, &from, &to, call.error(), call.errorSize()),
               ErrorKind::Failed);
}

std::string analyse(const Plugin& plugin, const PosteriaBuffer& image,
                    const PosteriaBuffer* uncertainty, const CancelToken& token) {
    char* json = nullptr;
    Call call(plugin, token);
    call.check(plugin.table<PosteriaAnalysis>().run(call.services(), &image, uncertainty, &json,
                                                    call.error(), call.errorSize()),
               ErrorKind::Failed);
    return call.text(json);
}

}  // namespace posteria::plugin
